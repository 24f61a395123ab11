package saraban.solr;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.apache.solr.cloud.ZkController;
import org.apache.solr.common.cloud.SolrZkClient;
import org.apache.solr.common.cloud.ZkStateReader;
import org.apache.solr.security.Sha256AuthenticationProvider;
import org.apache.zookeeper.CreateMode;

/** The directory that Solr takes for its home: solr.xml as it came, and who may ask. */
final class Home {

  private Home() {}

  /** Writes it below the data. A node that other machines reach has an account, or does not start. */
  static Path make(Path source, Path data, String address) throws Exception {
    Path home = data.resolve("home");
    Files.createDirectories(home);
    Files.copy(source.resolve("solr.xml"), home.resolve("solr.xml"), StandardCopyOption.REPLACE_EXISTING);
    Path file = home.resolve("security.json");
    Files.deleteIfExists(file);
    String user = System.getenv().getOrDefault("SARABAN_SOLR_USER", "");
    if (user.isEmpty()) {
      if (!InetAddress.getByName(address).isLoopbackAddress()) {
        System.err.println(address + " is reached from elsewhere: set SARABAN_SOLR_USER and SARABAN_SOLR_PASSWORD");
        System.exit(77);
      }
      return home;
    }
    byte[] security = security(user, System.getenv().getOrDefault("SARABAN_SOLR_PASSWORD", ""));
    String zooKeeper = System.getProperty("zkHost");
    if (zooKeeper == null) {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, security);
    } else {
      tell(zooKeeper, security);
    }
    return home;
  }

  /** One account that may do everything; the nodes of a cluster know each other by keys of their own. */
  private static byte[] security(String user, String password) {
    if (!user.matches("[A-Za-z0-9._-]+") || !password.matches("[\\x20-\\x7e]+")) {
      // What else stands in the environment is read by the locale, and the locale is not the same everywhere.
      throw new IllegalArgumentException("SARABAN_SOLR_USER and SARABAN_SOLR_PASSWORD are of letters, digits and signs of ASCII");
    }
    String hash = Sha256AuthenticationProvider.getSaltedHashedValue(password);
    return ("""
        {"authentication": {"class": "solr.BasicAuthPlugin", "blockUnknown": true, "credentials": {"%1$s": "%2$s"}},
         "authorization": {"class": "solr.RuleBasedAuthorizationPlugin", "user-role": {"%1$s": "admin"},
                           "permissions": [{"name": "all", "role": "admin"}]}}
        """).formatted(user, hash).getBytes(StandardCharsets.UTF_8);
  }

  /** In a cluster ZooKeeper keeps it. */
  private static void tell(String zooKeeper, byte[] security) throws Exception {
    if (!ZkController.checkChrootPath(zooKeeper, true)) {
      throw new IOException("ZooKeeper has no " + zooKeeper);
    }
    String path = ZkStateReader.SOLR_SECURITY_CONF_PATH;
    try (SolrZkClient client =
        new SolrZkClient.Builder().withUrl(zooKeeper).withTimeout(30_000, TimeUnit.MILLISECONDS).build()) {
      if (client.exists(path, true)) {
        client.setData(path, security, true);
      } else {
        client.makePath(path, security, CreateMode.PERSISTENT, true);
      }
    }
  }
}
