namespace Portal.Web.Features.Registries.Storage;

/// <summary>Something about a registry can't be done; the message is for the user.</summary>
public sealed class RegistryException(string message, Exception? innerException = null) : Exception(message, innerException);
