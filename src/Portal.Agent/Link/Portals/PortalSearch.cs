namespace Portal.Agent.Link.Portals;

/// <summary>Asks at one address after another, as long as nobody is there.</summary>
internal static class PortalSearch
{
    /// <summary>The first answer, be it a refusal.</summary>
    /// <param name="addresses">Where; at least one.</param>
    /// <param name="ask">Asks at one of them.</param>
    /// <exception cref="LinkException">Nobody is at any of them, or the first that answered refused.</exception>
    public static async Task<T> FirstAsync<T>(IReadOnlyList<PortalAddress> addresses, Func<PortalAddress, Task<T>> ask)
    {
        for (var index = 0; ; index++)
        {
            try
            {
                return await ask(addresses[index]).ConfigureAwait(false);
            }
            catch (LinkException failure) when (failure.Problem == LinkProblem.Unreachable && index + 1 < addresses.Count)
            {
                // Another portal may be at the next.
            }
        }
    }
}
