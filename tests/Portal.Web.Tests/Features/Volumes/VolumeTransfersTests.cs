using System.Security.Claims;
using Portal.Web.Features.Volumes.Listing;
using Portal.Web.Features.Volumes.Transfers;

namespace Portal.Web.Tests.Features.Volumes;

/// <summary>A ticket lets one request of one person begin one thing.</summary>
public sealed class VolumeTransfersTests
{
    private static readonly VolumeKey s_volume = new(Guid.NewGuid(), "data");
    private readonly VolumeTransfers _transfers = new(TimeProvider.System);

    [Fact]
    public void TryStart_Ticket_IsGoodOnce()
    {
        var ticket = _transfers.Prepare(Person("a"), VolumeTransferKind.Backup, s_volume);

        Assert.Empty(_transfers.Find(Person("a")));
        Assert.Same(ticket, Start("a", ticket.Id));
        Assert.Null(Start("a", ticket.Id));
        Assert.Same(ticket, Assert.Single(_transfers.Find(Person("a"))));
        Assert.Empty(_transfers.Find(Person("b")));
    }

    [Fact]
    public void TryStart_AnotherPersonVolumeOrKind_IsRefused()
    {
        var ticket = _transfers.Prepare(Person("a"), VolumeTransferKind.Backup, s_volume);

        Assert.Null(Start("b", ticket.Id));
        Assert.Null(Start("a", Guid.NewGuid()));
        Assert.Null(Start("a", null));
        Assert.Null(_transfers.TryStart(Person("a"), ticket.Id, VolumeTransferKind.Restore, s_volume));
        Assert.Null(_transfers.TryStart(Person("a"), ticket.Id, VolumeTransferKind.Backup, s_volume with { Name = "other" }));
        Assert.Same(ticket, Start("a", ticket.Id));
    }

    [Fact]
    public void Abandon_BeforeAndAfterItsStart_TakesOnlyWhatDidNotBegin()
    {
        var unused = _transfers.Prepare(Person("a"), VolumeTransferKind.Backup, s_volume);
        var used = _transfers.Prepare(Person("a"), VolumeTransferKind.Backup, s_volume);
        Start("a", used.Id);

        _transfers.Abandon(unused);
        _transfers.Abandon(used);
        _transfers.Dismiss(used);

        Assert.Null(Start("a", unused.Id));
        Assert.Same(used, Assert.Single(_transfers.Find(Person("a"))));
        _transfers.Complete(used, "done", null);
        _transfers.Dismiss(used);
        Assert.Empty(_transfers.Find(Person("a")));
    }

    private VolumeTransfer? Start(string person, Guid? ticket) =>
        _transfers.TryStart(Person(person), ticket, VolumeTransferKind.Backup, s_volume);

    private static ClaimsPrincipal Person(string id) => new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id)], "test"));
}
