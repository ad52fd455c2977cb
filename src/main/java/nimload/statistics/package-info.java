/** How sure a number is: intervals and tests, as pure functions of numbers without levels, files or clocks. */
package nimload.statistics;
