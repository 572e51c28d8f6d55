"""A built mixture → what other tools read: a module a target, each with `export(mixture, out)`."""
