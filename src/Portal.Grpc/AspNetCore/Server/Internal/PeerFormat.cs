using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>What a connection says of the client.</summary>
internal static class PeerFormat
{
    private const string CommonName = "x509_common_name";

    public static string Format(ConnectionInfo connection) => connection.RemoteIpAddress switch
    {
        null => "unknown",
        { AddressFamily: AddressFamily.InterNetworkV6 } address => $"ipv6:[{address}]:{connection.RemotePort}",
        var address => $"ipv4:{address}:{connection.RemotePort}",
    };

    public static AuthContext Authenticate(ConnectionInfo connection)
    {
        var name = connection.ClientCertificate?.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        if (string.IsNullOrEmpty(name))
        {
            return new AuthContext(null, []);
        }

        return new AuthContext(CommonName, new Dictionary<string, List<AuthProperty>>(StringComparer.Ordinal)
        {
            [CommonName] = [AuthProperty.Create(CommonName, Encoding.UTF8.GetBytes(name))],
        });
    }
}
