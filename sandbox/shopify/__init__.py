"""Shopify's Admin GraphQL API, served from a store folder."""
