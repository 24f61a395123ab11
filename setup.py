from setuptools import find_packages, setup

setup(
    name="saraban",
    version="0.1.dev0",
    description="Official correspondence (สารบรรณ) and document archive of a government, on Plone",
    license="GPL-2.0-or-later",
    package_dir={"": "src"},
    packages=find_packages("src"),
    include_package_data=True,
    zip_safe=False,
    python_requires=">=3.11",
    install_requires=[
        "Products.CMFPlone",
        "plone.classicui",
        "plone.restapi",
        "plone.app.caching",
        "RelStorage",
        "SQLAlchemy",
        "alembic",
        "collective.z3cform.datagridfield",
        "cryptography",
        "mysqlclient",
        "openpyxl",
        "psycopg2-binary",
        "python-magic",
        "requests",
        "tqdm",
        "waitress",
    ],
    extras_require={
        "test": [
            "axe-playwright-python",
            "freezegun",
            "hypothesis",
            "mypy",
            "playwright",
            "plone.app.testing",
            "pytest",
            "zope.pytestlayer",
        ]
    },
    entry_points={
        "console_scripts": [
            "saraban = saraban.admin.main:main",
            "worker = saraban.admin.worker:main",
            "serve = saraban.admin.serve:main",
        ],
        "z3c.autoinclude.plugin": ["target = plone"],
    },
)
