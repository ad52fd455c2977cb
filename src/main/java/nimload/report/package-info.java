/** What people and scripts read: the table on the console, results.csv and results.json. */
package nimload.report;
