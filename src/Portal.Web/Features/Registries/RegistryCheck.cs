using System.Security.Claims;
using Portal.Web.Access;
using Portal.Web.Components.Shared;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Registries;

/// <summary>How a test of a connection came out, in words.</summary>
/// <param name="Tone">What that means.</param>
/// <param name="Text">In a word or two.</param>
/// <param name="Detail">What else there is to say; empty for nothing.</param>
public sealed record RegistryCheck(StatusTone Tone, string Text, string Detail)
{
    /// <summary>It has begun.</summary>
    public static RegistryCheck Running { get; } = new(StatusTone.Busy, "testing", "");

    /// <summary>Tests.</summary>
    public static async Task<RegistryCheck> RunAsync(RegistryQueries queries, ClaimsPrincipal user, Guid nodeId, RegistryInput input)
    {
        try
        {
            var answer = await queries.CheckAsync(user, nodeId, input, CancellationToken.None);
            var way = answer.Secure ? "over TLS" : "over plain HTTP";
            return answer switch
            {
                { Authenticated: true, Secure: false } when !RegistryHost.IsLoopback(input.Host) =>
                    new RegistryCheck(StatusTone.Warning, "login accepted", $"{way}: whoever is in between can read the password"),
                { Authenticated: true } => new RegistryCheck(StatusTone.Good, "login accepted", $"{way}, {answer.ElapsedMilliseconds} ms"),
                _ => new RegistryCheck(StatusTone.Good, "reached", $"{way}, {answer.ElapsedMilliseconds} ms; it wants no login"),
            };
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            return new RegistryCheck(StatusTone.Bad, "failed", failure.Message);
        }
    }
}
