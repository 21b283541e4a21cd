using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Web.Features.Consoles;

/// <summary>
/// Tickets with which a page's terminal opens its WebSocket. A browser can't send headers with a WebSocket request, and a session's token in
/// an address would end up in logs: a ticket is good once, for half a minute, for one user and one container.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
public sealed class ConsoleTickets(TimeProvider time)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, (ConsoleRequest Request, DateTimeOffset Expires)> _tickets = new();

    /// <summary>Issues a ticket. Whether the user may is checked when it is used.</summary>
    public string Issue(ClaimsPrincipal user, ConsoleRequest request)
    {
        var now = time.GetUtcNow();
        foreach (var (old, _) in _tickets.Where(entry => entry.Value.Expires < now))
        {
            _tickets.TryRemove(old, out _);
        }

        var ticket = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        _tickets[ticket] = (request with { UserId = UserIdOf(user) }, now + s_lifetime);
        return ticket;
    }

    /// <summary>Takes a ticket in: null when there is none such, it is too old, or it was issued to somebody else.</summary>
    public ConsoleRequest? Redeem(ClaimsPrincipal user, string ticket)
    {
        return _tickets.TryRemove(ticket, out var entry)
            && entry.Expires >= time.GetUtcNow()
            && entry.Request.UserId == UserIdOf(user)
                ? entry.Request
                : null;
    }

    private static string UserIdOf(ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.NameIdentifier)
        ?? throw new InvalidOperationException("Only somebody who is signed in has a console.");
}
