"""Where a build comes from and what it is: the commit, the bill of materials, the stamp."""
