using Npgsql;

namespace Portal.Data.Tests;

public sealed class ConnectionLimitTests
{
    [Theory]
    [InlineData("Host=db;Database=portal", ConnectionLimit.Default)]
    [InlineData("Host=db;Maximum Pool Size=100", 100)]
    [InlineData("Host=db;MaxPoolSize=7", 7)]
    public void Apply_ConnectionString_IsBoundedUnlessItSaysHow(string given, int expected)
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionLimit.Apply(given));
        Assert.Equal(expected, builder.MaxPoolSize);
        Assert.Equal("db", builder.Host);
    }
}
