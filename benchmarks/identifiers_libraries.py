"""What other libraries find of the same planted identifiers. Run it where they are installed:

    pip install dpdp-scrub phonenumbers presidio-analyzer
    python benchmarks/identifiers_libraries.py [--seed 0] [--each 100] [--texts FILE]

Prints, for each library, the share of planted identifiers that it finds as any kind (nine tenths of
their length), those of telephone numbers, and texts a second of CPU; with `--texts`, also how much
it finds in the lines of a file. Presidio's recognisers are called by themselves, without a language
model: those of India, and those of addresses, cards and telephones, from a score of 0.3.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from identifiers_planted import Plant, planted

#: Begin, end and kind.
Hit = tuple[int, int, str]
_LEAST_SCORE = 0.3


def dpdp_scrub() -> Callable[[str], list[Hit]]:
    """The rules of dpdp-scrub."""
    from dpdp_scrub import detect

    return lambda text: [(one.start, one.end, one.entity) for one in detect(text)]


def phonenumbers() -> Callable[[str], list[Hit]]:
    """The matcher of phonenumbers, for India."""
    from phonenumbers import PhoneNumberMatcher

    return lambda text: [(one.start, one.end, "phone") for one in PhoneNumberMatcher(text, "IN")]


def presidio() -> Callable[[str], list[Hit]]:
    """The recognisers of presidio-analyzer that need no language model."""
    from presidio_analyzer import predefined_recognizers as known

    names = (
        "InAadhaar InPan InGstin InPassport InVehicleRegistration InVoter Email Ip Url CreditCard"
    )
    makers = [getattr(known, f"{name}Recognizer") for name in names.split()]
    recognisers: list[Any] = [make() for make in makers]
    recognisers.append(known.PhoneRecognizer(supported_regions=("IN",)))

    def find(text: str) -> list[Hit]:
        return [
            (one.start, one.end, one.entity_type)
            for recogniser in recognisers
            for one in recogniser.analyze(text, recogniser.supported_entities, None) or []
            if one.score >= _LEAST_SCORE
        ]

    return find


def report(name: str, find: Callable[[str], list[Hit]], plants: list[Plant]) -> None:
    """Print what is found of `plants`."""
    begun = time.process_time()
    hits = [find(one.text) for one in plants]
    spent = time.process_time() - begun
    kinds = Counter(
        one.kind for one, found in zip(plants, hits, strict=True) if _covered(one, found)
    )
    phones = sum(one.kind == "phone" for one in plants)
    print(
        f"{name}: {kinds.total() / len(plants):.3f} of all, {kinds['phone'] / phones:.3f} of"
        f" telephones; {len(plants) / spent:,.0f} texts/CPU-s; {dict(kinds)}"
    )


def _covered(plant: Plant, found: Iterable[Hit]) -> bool:
    size = plant.end - plant.start
    return any(
        min(end, plant.end) - max(start, plant.start) >= 0.9 * size for start, end, _ in found
    )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--each", type=int, default=100)
    parser.add_argument("--texts", type=Path)
    given = parser.parse_args()
    plants = planted(given.seed, given.each)
    texts = given.texts.read_text("utf-8").splitlines() if given.texts else []
    for make in (dpdp_scrub, phonenumbers, presidio):
        find = make()
        report(make.__name__, find, plants)
        begun = time.process_time()
        kinds = Counter(kind for text in texts for *_, kind in find(text))
        spent = time.process_time() - begun
        if texts:
            print(f"  in texts: {len(texts) / spent:,.0f} a CPU-second; {dict(kinds)}")


if __name__ == "__main__":
    main()
