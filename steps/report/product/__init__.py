"""The page about what people do in the product: growth, activation, retention, use."""
