/**
 * Tells the checkout how the method is drawn.
 */
define([
    'uiComponent',
    'Magento_Checkout/js/model/payment/renderer-list'
], function (Component, rendererList) {
    'use strict';

    rendererList.push({
        type: 'sidecar_stripe',
        component: 'Sidecar_Stripe/js/view/payment/method-renderer/sidecar-stripe-method'
    });

    return Component.extend({});
});
