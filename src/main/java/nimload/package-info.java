/** Load tests for NVIDIA's retriever microservices. */
package nimload;
