using System.Net;
using Portal.Web.Identity;

namespace Portal.Web.Tests.Identity;

public sealed class SignInLimiterTests
{
    private readonly SignInLimiter _limiter = new(TimeProvider.System);

    [Fact]
    public void TryBegin_ManySuccesses_NeverRefuses()
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            Assert.True(_limiter.TryBegin(IPAddress.Loopback));
            _limiter.Succeeded(IPAddress.Loopback);
        }
    }

    [Fact]
    public void TryBegin_AfterTenFailures_RefusesThatAddressOnly()
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            Assert.True(_limiter.TryBegin(IPAddress.Loopback));
        }

        Assert.False(_limiter.TryBegin(IPAddress.Loopback));
        Assert.True(_limiter.TryBegin(IPAddress.Parse("192.0.2.1")));
    }

    [Fact]
    public void TryBegin_SuccessAmongFailures_GivesBackOnlyItself()
    {
        for (var attempt = 0; attempt < 9; attempt++)
        {
            Assert.True(_limiter.TryBegin(IPAddress.Loopback));
        }

        Assert.True(_limiter.TryBegin(IPAddress.Loopback));
        _limiter.Succeeded(IPAddress.Loopback);

        Assert.True(_limiter.TryBegin(IPAddress.Loopback));
        Assert.False(_limiter.TryBegin(IPAddress.Loopback));
    }

    [Fact]
    public void TryBegin_AddressesOfOneIPv6Network_CountAsOne()
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            Assert.True(_limiter.TryBegin(IPAddress.Parse($"2001:db8::{attempt + 1}")));
        }

        Assert.False(_limiter.TryBegin(IPAddress.Parse("2001:db8::ffff")));
    }
}
