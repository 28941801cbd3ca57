"""OpenAI-style batches, at an endpoint or as files for `vllm run-batch`: submit, poll, collect."""
