using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.DataProtection;
using Portal.Contracts.Registries.V1;

namespace Portal.Web.Features.Registries.Storage;

/// <summary>Encrypts logins for the database. What was encrypted for one host is no good for another.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class RegistrySecrets(IDataProtectionProvider protection)
{
    private const string Purpose = "Portal.Registries.v1";

    public string Protect(string host, RegistryCredentials credentials) =>
        Convert.ToBase64String(For(host).Protect(credentials.ToByteArray()));

    /// <exception cref="RpcException">FAILED_PRECONDITION: It was encrypted with a key that is gone, for another host, or it is damaged.</exception>
    public RegistryCredentials Unprotect(string host, string secret)
    {
        try
        {
            return RegistryCredentials.Parser.ParseFrom(For(host).Unprotect(Convert.FromBase64String(secret)));
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException or InvalidProtocolBufferException)
        {
            const string Help = "can't be decrypted. Enter its password anew on the page of registries.";
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"The portal's login to {host} {Help}", failure));
        }
    }

    private IDataProtector For(string host) => protection.CreateProtector(Purpose, host);
}
