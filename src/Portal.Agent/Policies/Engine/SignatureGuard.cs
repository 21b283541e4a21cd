using Portal.Contracts.Policies;
using Portal.Contracts.Policies.Signing;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Agent.Policies.Engine;

/// <summary>Images, pulled and used only as signed as policies want them.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class SignatureGuard(PolicyGate gate, IImageSignatures signatures) : IImageGuard
{
    public async Task<IReadOnlyList<VerifiedSignature>> CheckPullAsync(PulledImage image, CancellationToken cancellationToken)
    {
        if (!SignatureRules.AreWanted(gate.Policies, image.Repository))
        {
            return [];
        }

        var report = await image.VerifyAsync(Wanted(image.Repository), cancellationToken).ConfigureAwait(false);
        gate.Check([Demand(image.Repository, "pull", report)]);
        return report.Verified;
    }

    public Task CheckUseAsync(UsedImage image, CancellationToken cancellationToken) =>
        CheckUseAsync(image, $"base {image.Asked}", cancellationToken);

    /// <summary>The same, where <c>key</c> says what it is used as.</summary>
    /// <exception cref="EngineException">Forbidden: it is not signed as policies want it.</exception>
    public async Task CheckUseAsync(UsedImage image, string key, CancellationToken cancellationToken) =>
        gate.Check(await DemandsOfAsync(image, key, cancellationToken).ConfigureAwait(false));

    /// <summary>
    /// What the use of an image that is here asks for. A name decides; of an image by its id any of its names may, and one without a name is
    /// covered by <c>*</c> alone.
    /// </summary>
    public async Task<IReadOnlyList<PolicyDemand>> DemandsOfAsync(UsedImage image, string key, CancellationToken cancellationToken)
    {
        if (gate.Policies.All(policy => policy.Rules.Signatures is null))
        {
            return [];
        }

        var names = image.Names.Select(ImagePattern.RepositoryOf).OfType<string>().Distinct().ToList();
        var asked = ImagePattern.RepositoryOf(image.Asked);
        if (asked is not null && names.Contains(asked))
        {
            names = [asked];
        }

        PolicyDemand? first = null;
        foreach (var name in names.DefaultIfEmpty($"an image without a name, {image.Id[..19]}"))
        {
            var demand = await DemandAsync(image.Id, name, key, cancellationToken).ConfigureAwait(false);
            if (PolicyCheck.Find(gate.Policies, [demand]).Count == 0)
            {
                return [demand];
            }

            first ??= demand;
        }

        return [first!];
    }

    /// <summary>What a pull of an image would ask for now; nothing is pulled.</summary>
    /// <exception cref="EngineException">As pulling gives them; Forbidden: it is not signed as policies want it.</exception>
    public async Task CheckRemoteAsync(
        string reference, RegistryCredentials? credentials, ImagePlatform? platform, CancellationToken cancellationToken)
    {
        if (ImagePattern.RepositoryOf(reference) is { } repository && SignatureRules.AreWanted(gate.Policies, repository))
        {
            var report = await signatures.CheckAsync(reference, credentials, platform, Wanted(repository), cancellationToken)
                .ConfigureAwait(false);
            gate.Check([Demand(repository, "image", report)]);
        }
    }

    private static PolicyDemand Demand(string repository, string key, SignatureReport report) =>
        new(PolicyRule.Signatures, repository, report.Problem.Length > 0 ? $"{key}: {report.Problem}" : key, SignedBy: report.Keys);

    private async Task<PolicyDemand> DemandAsync(string id, string repository, string key, CancellationToken cancellationToken)
    {
        if (!SignatureRules.AreWanted(gate.Policies, repository))
        {
            return new PolicyDemand(PolicyRule.Signatures, repository, key, SignedBy: []);
        }

        var report = await signatures.CheckStoredAsync(id, repository, Wanted(repository), cancellationToken).ConfigureAwait(false);
        return Demand(repository, key, report);
    }

    private WantedSignatures Wanted(string repository)
    {
        var policies = gate.Policies;
        return new WantedSignatures(
            [.. SignatureRules.KeysFor(policies, repository).Select(key => new TrustedKey(key))],
            keys => PolicyCheck.Find(policies, [new PolicyDemand(PolicyRule.Signatures, repository, "", SignedBy: keys)]).Count == 0);
    }
}
