/** The page that people send to each other: one HTML file that needs no network, made from results.json alone. */
package nimload.page;
