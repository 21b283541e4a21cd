using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Contracts.Metrics;

/// <summary>Who may read metrics: who presents a token, or comes from an allowed network. With neither set nobody may.</summary>
public sealed class MetricsAccess
{
    /// <summary>The shortest token: it is guessed over the network, without a limit of attempts.</summary>
    public const int ShortestToken = 16;

    private const string Scheme = "Bearer ";
    private readonly byte[]? _token;
    private readonly IReadOnlyList<IPNetwork> _networks;

    private MetricsAccess(byte[]? token, IReadOnlyList<IPNetwork> networks)
    {
        _token = token;
        _networks = networks;
    }

    /// <summary>Nobody.</summary>
    public static MetricsAccess Nobody { get; } = new(null, []);

    /// <summary>Reads the settings.</summary>
    /// <param name="token">The token; empty for none.</param>
    /// <param name="networks">Addresses and networks (<c>10.0.0.0/8</c>), separated by commas or semicolons; empty for none.</param>
    /// <param name="problem">What is wrong with them, for whoever set them; null when nothing is. It never holds the token.</param>
    public static MetricsAccess Parse(string token, string networks, out string? problem)
    {
        var list = new List<IPNetwork>();
        foreach (var text in networks.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                list.Add(network);
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                list.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                problem = $"PORTAL_METRICS_NETWORKS holds '{text}', which is neither an address nor a network such as 10.0.0.0/8.";
                return Nobody;
            }
        }

        if (token.Length is > 0 and < ShortestToken)
        {
            problem = $"PORTAL_METRICS_TOKEN is shorter than {ShortestToken} characters. 'openssl rand -hex 24' makes one.";
            return Nobody;
        }

        problem = null;
        return new MetricsAccess(token.Length == 0 ? null : Hash(token), list);
    }

    /// <summary>Whether a request may read them.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="authorization">Its header <c>Authorization</c>.</param>
    public bool Allows(IPAddress? address, string? authorization)
    {
        if (_token is not null
            && authorization is not null
            && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Hash(authorization[Scheme.Length..].Trim()), _token))
        {
            return true;
        }

        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && _networks.Any(network => network.Contains(plain));
    }

    // Of one length, so that the comparison tells nothing of the token's.
    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
