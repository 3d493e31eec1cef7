"""What Magento and Stripe both keep of a customer, in one form, so that the two can be compared."""
