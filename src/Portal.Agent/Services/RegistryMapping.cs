using ContractCredentials = Portal.Contracts.Registries.V1.RegistryCredentials;
using EngineCredentials = Portal.Engine.Distribution.Logins.RegistryCredentials;

namespace Portal.Agent.Services;

/// <summary>Between the engine's registries and the contract's.</summary>
internal static class RegistryMapping
{
    /// <returns>Null where there are none, or nothing to prove anything with.</returns>
    public static EngineCredentials? ToCredentials(ContractCredentials? credentials)
    {
        if (credentials is null)
        {
            return null;
        }

        var result = new EngineCredentials
        {
            Username = credentials.Username,
            Password = credentials.Password,
            IdentityToken = credentials.IdentityToken,
        };
        return result.IsEmpty ? null : result;
    }
}
