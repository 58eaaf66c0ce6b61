"""From records to what pages show: pure functions from a record and the catalogue to frozen views."""
