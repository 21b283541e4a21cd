using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Data.Entities.Overlays;

namespace Portal.Web.Features.Overlays;

/// <summary>Writes down networks that span nodes. Who calls this has checked that they may be made.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed partial class OverlayMaker(TimeProvider time)
{
    private const int MostNetworks = 256;
    private const int FirstVni = 4096;
    private const int LastVni = (1 << 24) - 1;

    /// <param name="database">Where; it is saved.</param>
    /// <param name="draft">What it is to be.</param>
    /// <param name="author">Who made it, for people.</param>
    /// <param name="stackId">The stack that it belongs to; null for none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="OverlayException">It is wrong; the message says all that is.</exception>
    public async Task<OverlayNetwork> CreateAsync(
        PortalDbContext database, OverlayDraft draft, string author, Guid? stackId, CancellationToken cancellationToken)
    {
        var others = await database.OverlayNetworks.AsNoTracking().ToListAsync(cancellationToken);
        var row = new OverlayNetwork
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()), Name = draft.Name.Trim(), Port = OverlayAddresses.DefaultPort,
            IsInternal = draft.Internal, EnvironmentId = draft.EnvironmentId, CreatedAt = time.GetUtcNow(), AuthorName = author,
            StackId = stackId,
        };
        var problems = await FillAsync(database, row, draft, others, cancellationToken);
        if (problems.Count > 0)
        {
            throw new OverlayException(string.Join(' ', problems));
        }

        database.OverlayNetworks.Add(row);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure) when (failure.InnerException is PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation,
        })
        {
            throw new OverlayException(N("Somebody changed networks or environments at the same moment. Look, and try again."));
        }

        return row;
    }

    /// <summary>Whether some node may have networks of both environments; none is all nodes.</summary>
    public static bool IsBeside(Guid? one, Guid? other) => one is null || other is null || one == other;

    private async Task<List<string>> FillAsync(
        PortalDbContext database, OverlayNetwork row, OverlayDraft draft, List<OverlayNetwork> others, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        AddIf(!NetworkName().IsMatch(row.Name) || row.Name is "bridge" or "host" or "none",
            N("A name has 1 to 128 letters, digits, '.', '_' and '-', and begins with a letter or digit; bridge, host and none are taken."));
        AddIf(others.Exists(other => other.Name == row.Name && IsBeside(other.EnvironmentId, row.EnvironmentId)),
            E("There is an overlay network '{0}' already.", row.Name));
        AddIf(others.Count >= MostNetworks, E("There are {0} overlay networks, which is all that there can be.", MostNetworks));
        AddIf(
            draft.EnvironmentId is { } id && !await database.Environments.AnyAsync(environment => environment.Id == id, cancellationToken),
            N("There is no such environment any more."));
        var taken = others.Select(other => IPNetwork.Parse(other.Subnet)).ToArray();
        var subnet = default(IPNetwork);
        if (draft.Subnet.Trim() is not { Length: > 0 } asked)
        {
            subnet = OverlayAddresses.Choose(taken) ?? default;
            AddIf(subnet == default, N("No subnet of 10.200.0.0/16 to 10.254.0.0/16 is free: name one."));
        }
        else if (OverlayAddresses.Refuse(asked, out subnet) is { } problem)
        {
            problems.Add(problem);
        }
        else if (taken.FirstOrDefault(other => OverlayAddresses.Overlap(other, subnet)) is { PrefixLength: > 0 } other)
        {
            problems.Add(E("{0} overlaps {1}, which another overlay network has.", subnet, other));
        }

        (row.Subnet, row.BlockLength) = (subnet.ToString(), OverlayAddresses.BlockLength(subnet));

        // Random: networks of two portals on one wire hardly ever have the same number.
        do
        {
            row.Vni = RandomNumberGenerator.GetInt32(FirstVni, LastVni + 1);
        }
        while (others.Exists(other => other.Vni == row.Vni));

        return problems;

        void AddIf(bool isWrong, string text)
        {
            if (isWrong)
            {
                problems.Add(text);
            }
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}\z")]
    private static partial Regex NetworkName();
}
