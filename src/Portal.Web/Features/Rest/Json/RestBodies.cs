namespace Portal.Web.Features.Rest.Json;

/// <summary>What all bodies of requests have in common.</summary>
internal static class RestBodies
{
    /// <summary>Bytes; a request for a container with all settings is a hundredth of it.</summary>
    public const int Longest = 1024 * 1024;

    /// <summary>Where the context keeps the hash of the body that was read.</summary>
    public const string HashKey = "portal.rest.body";
}
