namespace Portal.Engine.Distribution.Connections;

/// <summary>Proxies on the way to registries, in the words and by the rules of Go's programs, Docker's among them.</summary>
public sealed record RegistryProxyOptions
{
    /// <summary>The proxy for plain HTTP: <c>[http://][user:password@]host[:port]</c>, or empty for none.</summary>
    public string Http { get; init; } = "";

    /// <summary>The proxy for TLS, in the same form, or empty for none.</summary>
    public string Https { get; init; } = "";

    /// <summary>
    /// What is reached without, separated by commas: names with all below them (<c>example.com</c>), names below one alone
    /// (<c>.example.com</c>), addresses, networks (<c>10.0.0.0/8</c>), each but networks also with a port; <c>*</c> for all. Loopback always is.
    /// </summary>
    public string Except { get; init; } = "";

    /// <summary>Reads <c>HTTP_PROXY</c>, <c>HTTPS_PROXY</c> and <c>NO_PROXY</c>, in capitals or not.</summary>
    /// <param name="read">Gives a variable or null.</param>
    public static RegistryProxyOptions FromEnvironment(Func<string, string?> read)
    {
        return new RegistryProxyOptions { Http = Get("HTTP_PROXY"), Https = Get("HTTPS_PROXY"), Except = Get("NO_PROXY") };

        string Get(string name) => read(name) is { Length: > 0 } value ? value : read(name.ToLowerInvariant()) ?? "";
    }

    /// <summary>A proxy's address without the password that may be in it, for people to see.</summary>
    public static string Mask(string proxy)
    {
        var at = proxy.LastIndexOf('@');
        var scheme = proxy.IndexOf("://", StringComparison.Ordinal);
        return at < 0 ? proxy : $"{(scheme < 0 ? "" : proxy[..(scheme + 3)])}xxxxx:xxxxx{proxy[at..]}";
    }
}
