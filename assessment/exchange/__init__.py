"""Files in and out: framework ⇄ YAML, answers ⇄ YAML."""
