namespace Portal.Engine.Api.Hosting;

/// <summary>Docker's API can't be offered over TCP with the settings given; the message says which one and what to do.</summary>
public sealed class DockerTcpException(string message, Exception? cause = null) : Exception(message, cause);
