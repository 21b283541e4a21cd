using Portal.Web.Components.Shared;

namespace Portal.Web.Tests.Components;

public sealed class UnitsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(1023 * 1024, "1 MiB")]
    [InlineData(16L << 30, "16 GiB")]
    public void Bytes_AnySize_HasThreeDigitsAtMost(double bytes, string expected) => Assert.Equal(expected, Units.Bytes(bytes));

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(0.052, "5.2 %")]
    [InlineData(0.5, "50 %")]
    [InlineData(1, "100 %")]
    public void Percent_Share_IsWritten(double share, string expected) => Assert.Equal(expected, Units.Percent(share));

    [Theory]
    [InlineData(5, "5 s")]
    [InlineData(300, "5 min")]
    [InlineData(7500, "2 h 5 min")]
    [InlineData(273600, "3 d 4 h")]
    public void Duration_Time_IsWritten(int seconds, string expected) => Assert.Equal(expected, Units.Duration(TimeSpan.FromSeconds(seconds)));
}
