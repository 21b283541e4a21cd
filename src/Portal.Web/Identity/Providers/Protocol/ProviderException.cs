namespace Portal.Web.Identity.Providers.Protocol;

/// <summary>A sign-in that can't be believed, or a provider that can't be used; says what helps.</summary>
internal sealed class ProviderException(string message, Exception? inner = null) : Exception(message, inner);
