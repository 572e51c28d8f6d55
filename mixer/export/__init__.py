"""A built mixture → what other tools read: one module a target, each with `export(mixture, out)`."""
