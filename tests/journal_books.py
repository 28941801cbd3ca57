"""What the accounts of a journal must be, for tests."""

from __future__ import annotations

from indic_persona_hub.models.journal.accounts import PICO, Account, Spent
from indic_persona_hub.models.prices import Price
from indic_persona_hub.models.socket import Message, Reply, Request

PRICE = Price(
    prompt_usd_per_million=0.15, cached_usd_per_million=0.075, completion_usd_per_million=0.6
)
ACCOUNTS = [
    Account("hub-1", "text_to_persona", "small"),
    Account("hub-1", "persona_to_persona", "small"),
    Account("hub-2", "text_to_persona", "large"),
]
ACCOUNT = ACCOUNTS[0]
REPLY = Reply("A porter.", "stop", 120, 90, 31, 0.25, 7)
KEY = "ab" * 32


def asking(number: int = 0) -> Request:
    turns = (Message("system", "You imagine people."), Message("user", f"passage {number}"))
    return Request(turns, 80, 0.9, 0.95, 0.08, (), number)


def key_of(number: int) -> str:
    return f"{number:064x}"


def of_replies(*replies: Reply, **more: int) -> Spent:
    """What those replies cost; `failed` attempts, and `each_lost` lost ones of each reply."""
    lost: list[Reply] = []
    for reply in replies:
        lost += [reply] * more.get("each_lost", 0)
    pico = sum(round(PRICE.cost_usd(*tokens(reply)) * PICO) for reply in [*replies, *lost])
    return Spent(
        calls=len(replies),
        failed=more.get("failed", 0),
        lost=len(lost),
        prompt_tokens=sum(reply.prompt_tokens for reply in replies),
        cached_tokens=sum(reply.cached_tokens for reply in replies),
        completion_tokens=sum(reply.completion_tokens for reply in replies),
        reasoning_tokens=sum(reply.reasoning_tokens for reply in replies),
        lost_prompt_tokens=sum(reply.prompt_tokens for reply in lost),
        lost_completion_tokens=sum(reply.completion_tokens for reply in lost),
        cost_usd=pico / PICO,
    )


def tokens(reply: Reply) -> tuple[int, int, int]:
    return reply.prompt_tokens, reply.cached_tokens, reply.completion_tokens
