using ContractCredentials = Portal.Contracts.Registries.V1.RegistryCredentials;
using ContractRepository = Portal.Contracts.Registries.V1.FoundRepository;
using EngineCredentials = Portal.Engine.Distribution.Logins.RegistryCredentials;
using EngineRepository = Portal.Engine.Distribution.Queries.FoundRepository;

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

    public static ContractRepository ToRepository(EngineRepository repository) => new()
    {
        Name = repository.Name,
        Description = repository.Description,
        Stars = repository.Stars,
        Official = repository.IsOfficial,
    };
}
