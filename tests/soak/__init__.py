"""Long proofs of the whole product, by `make soak`: a year of counts, fifty kills. They print what they measured."""
