namespace Portal.Web.Features.Updates.Containers;

/// <summary>A container can't be updated; the message says why, for people.</summary>
public sealed class ContainerUpdateException(string message) : Exception(message);
