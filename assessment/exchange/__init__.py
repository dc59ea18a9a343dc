"""Files in and out: framework ⇄ YAML, answers ⇄ YAML, a department's part ⇄ workbook."""
