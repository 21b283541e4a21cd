using System.Net;
using Portal.Engine.Errors;

namespace Portal.Engine.Distribution.Connections;

/// <summary>Chooses the proxy for an address by Go's rules (golang.org/x/net/http/httpproxy).</summary>
internal sealed class RegistryProxy : IWebProxy
{
    private readonly Uri? _http;
    private readonly Uri? _https;
    private readonly string[] _except;

    /// <exception cref="EngineException">InvalidArgument: a proxy's address is malformed.</exception>
    public RegistryProxy(RegistryProxyOptions options)
    {
        (_http, var plainCredentials) = Read(options.Http);
        (_https, var tlsCredentials) = Read(options.Https);
        _except = options.Except.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var cache = new CredentialCache();
        foreach (var (proxy, credentials) in new[] { (_http, plainCredentials), (_https, tlsCredentials) })
        {
            if (proxy is not null && credentials is not null && cache.GetCredential(proxy, "Basic") is null)
            {
                cache.Add(proxy, "Basic", credentials);
            }
        }

        Credentials = cache;
    }

    public ICredentials? Credentials { get; set; }

    public Uri? GetProxy(Uri destination) => IsExcepted(destination) ? null
        : destination.Scheme == Uri.UriSchemeHttps ? _https : _http;

    public bool IsBypassed(Uri host) => GetProxy(host) is null;

    private bool IsExcepted(Uri address)
    {
        var host = address.IdnHost.Trim('[', ']').TrimEnd('.');
        IPAddress.TryParse(host, out var ip);
        return host == "localhost" || (ip is not null && IPAddress.IsLoopback(ip))
            || _except.Any(rule => Matches(rule, host, ip, address.Port));
    }

    private static bool Matches(string rule, string host, IPAddress? ip, int port)
    {
        if (rule == "*")
        {
            return true;
        }

        if (rule.Contains('/', StringComparison.Ordinal))
        {
            return ip is not null && IPNetwork.TryParse(rule, out var network) && network.Contains(ip);
        }

        var (name, rulePort) = SplitPort(rule);
        if (rulePort is not null && rulePort != port)
        {
            return false;
        }

        if (IPAddress.TryParse(name, out var ruleAddress))
        {
            return ruleAddress.Equals(ip);
        }

        name = name.StartsWith("*.", StringComparison.Ordinal) ? name[1..] : name;
        return name.StartsWith('.')
            ? host.EndsWith(name, StringComparison.OrdinalIgnoreCase)
            : host.Equals(name, StringComparison.OrdinalIgnoreCase)
                || host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
    }

    private static (string Name, int? Port) SplitPort(string rule)
    {
        // The colons of a bare IPv6 address are no ports.
        var colon = rule.LastIndexOf(':');
        return colon > 0 && (rule[colon - 1] == ']' || rule.IndexOf(':', StringComparison.Ordinal) == colon)
            && int.TryParse(rule.AsSpan(colon + 1), out var port)
                ? (rule[..colon].Trim('[', ']'), port)
                : (rule.Trim('[', ']'), null);
    }

    private static (Uri? Address, NetworkCredential? Credentials) Read(string text)
    {
        if (text.Length == 0)
        {
            return (null, null);
        }

        var full = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (!Uri.TryCreate(full, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "socks5"))
        {
            throw EngineException.InvalidArgument($"'{RegistryProxyOptions.Mask(text)}' is no address of a proxy.");
        }

        var parts = uri.UserInfo.Split(':', 2);
        var credentials = uri.UserInfo.Length == 0
            ? null
            : new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        return (new UriBuilder(uri) { UserName = "", Password = "" }.Uri, credentials);
    }
}
