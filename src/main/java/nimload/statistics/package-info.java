/** How sure a number is: intervals and tests as pure functions of numbers. Knows nothing of levels, files or clocks. */
package nimload.statistics;
