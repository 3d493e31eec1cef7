"""How an account of Magento's and its Stripe Customers are kept the same."""
