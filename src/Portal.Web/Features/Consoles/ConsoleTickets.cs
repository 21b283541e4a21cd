using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Web.Features.Consoles;

/// <summary>
/// Tickets with which a page's terminal opens its WebSocket. A browser can't send headers with a WebSocket request, and a session's token in
/// an address would end up in logs: a ticket is good once, for half a minute, for one user and one container.
/// </summary>
/// <remarks>
/// Singleton; any thread. A ticket holds what it is for, sealed with the key that the portals of a database share: a balancer may send the
/// WebSocket to another portal than the one that drew the page, as soon as one has ended. Each portal takes a ticket once.
/// </remarks>
public sealed class ConsoleTickets(IDataProtectionProvider protection, TimeProvider time)
{
    // A request line has 8 KiB for servers and proxies. What is longer, by its environment, is good at this portal alone.
    private const int LongestTicket = 6000;
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(30);
    private readonly IDataProtector _protector = protection.CreateProtector("Portal.ConsoleTickets.v1");
    private readonly ConcurrentDictionary<string, (Ticket Ticket, DateTimeOffset Expires)> _kept = new();
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _used = new();

    /// <summary>Issues a ticket. Whether the user may is checked when it is used.</summary>
    public string Issue(ClaimsPrincipal user, ConsoleRequest request)
    {
        var ticket = new Ticket(Guid.NewGuid(), UserIdOf(user), time.GetUtcNow() + s_lifetime, request);
        var text = WebEncoders.Base64UrlEncode(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(ticket)));
        if (text.Length <= LongestTicket)
        {
            return text;
        }

        Forget(_kept, entry => entry.Expires);
        var name = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        _kept[name] = (ticket, ticket.Expires);
        return name;
    }

    /// <summary>Takes a ticket in: null when there is none such, it is too old, or it was issued to somebody else.</summary>
    public ConsoleRequest? Redeem(ClaimsPrincipal user, string ticket)
    {
        var read = _kept.TryRemove(ticket, out var kept) ? kept.Ticket : Open(ticket);
        if (read is null || read.Expires < time.GetUtcNow() || read.UserId != UserIdOf(user))
        {
            return null;
        }

        Forget(_used, expires => expires);
        return _used.TryAdd(read.Id, read.Expires) ? read.Request with { UserId = read.UserId } : null;
    }

    private Ticket? Open(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Ticket>(_protector.Unprotect(WebEncoders.Base64UrlDecode(text)));
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }

    private void Forget<TKey, TEntry>(ConcurrentDictionary<TKey, TEntry> entries, Func<TEntry, DateTimeOffset> expiresOf)
        where TKey : notnull
    {
        var now = time.GetUtcNow();
        foreach (var (key, _) in entries.Where(entry => expiresOf(entry.Value) < now))
        {
            entries.TryRemove(key, out _);
        }
    }

    private static string UserIdOf(ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.NameIdentifier)
        ?? throw new InvalidOperationException("Only somebody who is signed in has a console.");

    private sealed record Ticket(Guid Id, string UserId, DateTimeOffset Expires, ConsoleRequest Request);
}
