"""OpenTelemetry spans of model calls, where OpenTelemetry is installed and set up.

One client span a call, with the attributes of the semantic conventions for generative AI. No
prompt, no reply, no key and no address beyond the host goes into one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indic_persona_hub import __version__
from indic_persona_hub.models.failures import EndpointError
from indic_persona_hub.models.socket import Reply

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer


class CallSpan:
    """The span of one call."""

    def __init__(self, span: Span) -> None:
        self._span = span

    def answered(self, reply: Reply) -> None:
        """End it with the reply's counts."""
        self._span.set_attributes(
            {
                "gen_ai.usage.input_tokens": reply.prompt_tokens,
                "gen_ai.usage.output_tokens": reply.completion_tokens,
                "gen_ai.response.finish_reasons": (reply.finish_reason,),
            }
        )
        self._span.end()

    def failed(self, error: BaseException) -> None:
        """End it with the kind of error, in no words of the endpoint's."""
        from opentelemetry.trace import Status, StatusCode

        kind = error.kind if isinstance(error, EndpointError) else type(error).__name__
        self._span.set_attribute("error.type", kind)
        self._span.set_status(Status(StatusCode.ERROR, kind))
        self._span.end()


class CallSpans:
    """Begins spans of calls to one model."""

    def __init__(self, tracer: Tracer, model: str) -> None:
        self._tracer = tracer
        self._model = model

    def begin(self, lane: str, stage: str) -> CallSpan:
        """A span that begins now."""
        from opentelemetry.trace import SpanKind

        attributes = {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": self._model,
            "server.address": lane,
            "indic_persona_hub.stage": stage,
        }
        name = f"chat {self._model}"
        return CallSpan(self._tracer.start_span(name, kind=SpanKind.CLIENT, attributes=attributes))


def call_spans(model: str) -> CallSpans | None:
    """Null where OpenTelemetry is absent or nobody set it up: a call then costs nothing more."""
    try:
        from opentelemetry import trace
    except ImportError:
        return None
    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return None
    return CallSpans(trace.get_tracer("indic_persona_hub", __version__), model)
