"""Parts for tests of this project and of plugs: a conformance suite and a provider with faults."""
