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
    public static RegistryCheck Running => new(StatusTone.Busy, T("testing"), "");

    /// <summary>Tests.</summary>
    public static async Task<RegistryCheck> RunAsync(RegistryQueries queries, ClaimsPrincipal user, Guid nodeId, RegistryInput input)
    {
        try
        {
            var answer = await queries.CheckAsync(user, nodeId, input, CancellationToken.None);
            return answer switch
            {
                { Authenticated: true, Secure: false } when !RegistryHost.IsLoopback(input.Host) =>
                    new RegistryCheck(StatusTone.Warning, T("login accepted"), T("over plain HTTP: whoever is in between can read the password")),
                { Authenticated: true } => new RegistryCheck(
                    StatusTone.Good, T("login accepted"),
                    answer.Secure ? T("over TLS, {0} ms", answer.ElapsedMilliseconds) : T("over plain HTTP, {0} ms", answer.ElapsedMilliseconds)),
                _ => new RegistryCheck(
                    StatusTone.Good, T("reached"),
                    answer.Secure ? T("over TLS, {0} ms; it wants no login", answer.ElapsedMilliseconds)
                        : T("over plain HTTP, {0} ms; it wants no login", answer.ElapsedMilliseconds)),
            };
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            return new RegistryCheck(StatusTone.Bad, T("failed"), failure.Message);
        }
    }
}
