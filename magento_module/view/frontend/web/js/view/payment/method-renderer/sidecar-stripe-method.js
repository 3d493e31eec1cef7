/**
 * The method in the checkout. There is no card form: the order is placed, and the page of a successful checkout leads on
 * to Stripe.
 */
define([
    'Magento_Checkout/js/view/payment/default',
    'mage/translate'
], function (Component, $t) {
    'use strict';

    return Component.extend({
        defaults: {
            template: 'Sidecar_Stripe/payment/sidecar-stripe',
            saveCard: false
        },

        /** @inheritdoc */
        initObservable: function () {
            this._super().observe('saveCard');

            return this;
        },

        /**
         * @return {Object} what the shop's server told about the method
         */
        getSettings: function () {
            return window.checkoutConfig.payment[this.getCode()] || {};
        },

        /**
         * @return {String}
         */
        getInstructions: function () {
            return this.getSettings().instructions ||
                $t('You pay on a secure page of Stripe, right after you placed the order.');
        },

        /**
         * @return {Boolean}
         */
        offersToSave: function () {
            return !!this.getSettings().offersToSave;
        },

        /** @inheritdoc */
        getData: function () {
            return {
                method: this.getCode(),
                'additional_data': {
                    'save_card': this.offersToSave() && this.saveCard()
                }
            };
        }
    });
});
