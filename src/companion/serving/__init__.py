"""The companion behind an endpoint of the OpenAI protocol, for other clients."""
