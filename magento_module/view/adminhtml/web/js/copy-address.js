/**
 * Copies the address of the link beside the button.
 */
define([], function () {
    'use strict';

    /**
     * For pages without https, where browsers keep the clipboard from scripts.
     *
     * @param {String} address
     */
    function copyBySelection(address) {
        var field = document.createElement('textarea');

        field.value = address;
        document.body.appendChild(field);
        field.select();
        document.execCommand('copy');
        field.remove();
    }

    return function (config, element) {
        element.querySelector('[data-role="copy"]').addEventListener('click', function () {
            var address = element.querySelector('[data-role="address"]').href,
                copied = element.querySelector('[data-role="copied"]');

            if (navigator.clipboard) {
                navigator.clipboard.writeText(address).then(function () {
                    copied.hidden = false;
                });
            } else {
                copyBySelection(address);
                copied.hidden = false;
            }
        });
    };
});
