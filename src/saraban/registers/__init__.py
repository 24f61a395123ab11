"""Register books on screen, as files and in print; the report of numbers; slips and stamps of a delivery."""
