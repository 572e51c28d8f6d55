"""Steps that add columns: one module a step; the subpackages are their inner workings."""
