/** Writes runs in the layout of AIPerf's results, for dashboards that read it. */
package nimload.exports;
