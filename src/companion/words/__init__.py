"""Words as the networks read them: what mood and safety share."""
